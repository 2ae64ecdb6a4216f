def main():
    line = "Café Zürich naïve 東京 привет 🙂 smörgås façade jalapeño Ελλάδα"
    text = " ".join([line] * 2_000)
    total = 0
    for _ in range(60):
        for word in text.split(" "):
            total += len(word)
            if word.startswith("naï"):
                total += 1
            if "ö" in word:
                total += 1
        total += len(text.replace("東京", "京都府"))
    print(total)


main()
