def main():
    parts = []
    for i in range(1, 1_500_001):
        parts.append(f"item {i};")
    joined = "".join(parts)
    grown = ""
    for _ in range(5_000):
        grown = grown + "ab"
    print(len(joined) + len(grown))


main()
