local found = 0
for i = 1, 1000000 do
  local address = "user" .. i % 1000 .. "@" .. (i % 3 == 0 and "acme" or "example") .. ".com"
  if string.find(address, "^user[0-9]+@acme%.com$") then
    found = found + 1
  end
end
print(found)
