local function map(xs, f)
  local out = {}
  for i = 1, #xs do out[i] = f(xs[i]) end
  return out
end

local function filter(xs, keep)
  local out = {}
  for i = 1, #xs do
    local x = xs[i]
    if keep(x) then out[#out + 1] = x end
  end
  return out
end

local function sum(xs)
  local total = 0
  for i = 1, #xs do total = total + xs[i] end
  return total
end

local xs = {}
for i = 1, 1000000 do xs[i] = i end
local total = 0
for _ = 1, 3 do
  local tripled = map(xs, function(x) return x * 3 end)
  total = total + sum(filter(tripled, function(x) return x % 2 == 0 end))
end
print(total)
