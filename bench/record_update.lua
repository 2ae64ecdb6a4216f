local function with(record, key, value)
  local copy = {}
  for k, v in pairs(record) do copy[k] = v end
  copy[key] = value
  return copy
end

local contact = { id = "1", name = "Ada", visits = 0, score = 1, plan = "pro", city = "Rome" }
for _ = 1, 1000000 do
  contact = with(contact, "visits", contact.visits + 1)
end
for _ = 1, 10000000 do
  contact.score = contact.score + 1
end
print(contact.visits + contact.score)
