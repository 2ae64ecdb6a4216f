local sum = 0
for i = 1, 5000000 do
  local point = { x = i, y = i + 1 }
  sum = sum + point.x + point.y
end
print(sum)
