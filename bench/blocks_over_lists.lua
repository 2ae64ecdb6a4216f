local function map(xs, f)
  local out = {}
  for i = 1, #xs do out[i] = f(xs[i]) end
  return out
end

local function reduce(xs, start, f)
  local value = start
  for i = 1, #xs do value = f(value, xs[i]) end
  return value
end

local function count(xs, keep)
  local n = 0
  for i = 1, #xs do
    if keep(xs[i]) then n = n + 1 end
  end
  return n
end

local function find(xs, keep)
  for i = 1, #xs do
    if keep(xs[i]) then return xs[i] end
  end
end

local function any(xs, keep)
  for i = 1, #xs do
    if keep(xs[i]) then return true end
  end
  return false
end

local xs = {}
for i = 1, 1000000 do xs[i] = i end
local total = 0
for round = 1, 4 do
  local shift = round * 10
  local shifted = map(xs, function(x) return x + shift end)
  total = total + reduce(shifted, 0, function(sum, x) return sum + x end)
  total = total + count(shifted, function(x) return x % 7 == 0 end)
  total = total + find(shifted, function(x) return x > 999990 end)
  if any(shifted, function(x) return x < 0 end) then total = total + 1 end
end
print(total)
