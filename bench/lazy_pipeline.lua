local function range(from, to)
  local i = from - 1
  return function()
    i = i + 1
    if i <= to then return i end
  end
end

local function map(next_item, f)
  return function()
    local x = next_item()
    if x ~= nil then return f(x) end
  end
end

local function filter(next_item, keep)
  return function()
    for x in next_item do
      if keep(x) then return x end
    end
  end
end

local function drop(next_item, n)
  return function()
    while n > 0 do
      n = n - 1
      if next_item() == nil then return nil end
    end
    return next_item()
  end
end

local function take_while(next_item, keep)
  local over = false
  return function()
    if over then return nil end
    local x = next_item()
    if x ~= nil and keep(x) then return x end
    over = true
  end
end

local s = range(1, 2000000)
s = map(s, function(x) return x * 3 end)
s = filter(s, function(x) return x % 2 == 0 end)
s = map(s, function(x) return x + 1 end)
s = filter(s, function(x) return x % 5 ~= 0 end)
s = map(s, function(x) return x * 2 end)
s = drop(s, 10)
s = take_while(s, function(x) return x < 11000000 end)
s = map(s, function(x) return x - 1 end)
s = filter(s, function(x) return x % 3 ~= 0 end)
local total = 0
for x in s do total = total + x end
print(total)
