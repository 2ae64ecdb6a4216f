local parts = {}
for i = 1, 1500000 do
  parts[#parts + 1] = "item " .. i .. ";"
end
local joined = table.concat(parts)
local grown = ""
for _ = 1, 5000 do
  grown = grown .. "ab"
end
print(#joined + #grown)
