local cjson = require("cjson")
local file = assert(io.open(arg[1], "rb"))
local contacts = cjson.decode(file:read("a"))
file:close()
local users = {}
for _, c in ipairs(contacts) do
  if c.role == "user" then
    users[#users + 1] = { id = c.id, city = c.location.city, visits = c.custom_attributes.visits }
  end
end
local groups, order = {}, {}
for _, u in ipairs(users) do
  if not groups[u.city] then
    groups[u.city] = {}
    order[#order + 1] = u.city
  end
  table.insert(groups[u.city], u)
end
local best
for _, city in ipairs(order) do
  local visits = 0
  for _, u in ipairs(groups[city]) do visits = visits + u.visits end
  if not best or visits > best.visits then best = { city = city, visits = visits } end
end
print(string.format("%d %d %s %d", #users, #order, best.city, best.visits))
