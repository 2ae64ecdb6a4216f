from itertools import islice, takewhile


def main():
    s = (x * 3 for x in range(1, 2_000_001))
    s = (x for x in s if x % 2 == 0)
    s = (x + 1 for x in s)
    s = (x for x in s if x % 5 != 0)
    s = (x * 2 for x in s)
    s = islice(s, 10, None)
    s = takewhile(lambda x: x < 11_000_000, s)
    s = (x - 1 for x in s)
    s = (x for x in s if x % 3 != 0)
    print(sum(s))


main()
