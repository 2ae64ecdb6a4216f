from functools import reduce


def main():
    xs = list(range(1, 1_000_001))
    total = 0
    for turn in range(1, 5):
        shift = turn * 10
        shifted = list(map(lambda x: x + shift, xs))
        total += reduce(lambda a, x: a + x, shifted, 0)
        total += sum(1 for x in shifted if x % 7 == 0)
        total += next(x for x in shifted if x > 999_990)
        if any(x < 0 for x in shifted):
            total += 1
    print(total)


main()
