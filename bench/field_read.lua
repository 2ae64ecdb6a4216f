local r = { a = 1, b = 2, c = 3, d = 4 }
local sum = 0
for _ = 1, 20000000 do
  sum = sum + r.c
end
print(sum)
