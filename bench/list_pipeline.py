def main():
    xs = list(range(1, 1_000_001))
    total = 0
    for _ in range(3):
        tripled = [x * 3 for x in xs]
        total += sum([x for x in tripled if x % 2 == 0])
    print(total)


main()
