local seed = 42
local numbers, people = {}, {}
for i = 1, 200000 do
  seed = (seed * 1103515245 + 12345) % 2147483648
  numbers[i] = seed
  people[i] = { id = i, score = seed }
end
table.sort(numbers)
table.sort(people, function(a, b) return a.score < b.score end)
print(numbers[1] + numbers[100001] + people[1].id + people[200000].id)
