local r = { a = 1, b = 2, c = 3, d = 4 }
local first_key = "b"
local second_key = "d"
local sum = 0
for _ = 1, 10000000 do
  sum = sum + r[first_key] + r[second_key]
end
print(sum)
