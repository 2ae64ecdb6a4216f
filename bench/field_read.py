class Record:
    __slots__ = ("a", "b", "c", "d")

    def __init__(self, a, b, c, d):
        self.a, self.b, self.c, self.d = a, b, c, d


def main():
    r = Record(1, 2, 3, 4)
    total = 0
    for _ in range(20_000_000):
        total += r.c
    print(total)


main()
