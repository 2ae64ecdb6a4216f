local line = "Café Zürich naïve 東京 привет 🙂 smörgås façade jalapeño Ελλάδα"
local lines = {}
for i = 1, 2000 do lines[i] = line end
local text = table.concat(lines, " ")
local total = 0
for _ = 1, 60 do
  for word in string.gmatch(text, "[^ ]+") do
    total = total + utf8.len(word)
    if string.sub(word, 1, #"naï") == "naï" then total = total + 1 end
    if string.find(word, "ö", 1, true) then total = total + 1 end
  end
  total = total + utf8.len((string.gsub(text, "東京", "京都府")))
end
print(total)
