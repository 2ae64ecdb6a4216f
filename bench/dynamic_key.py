def main():
    r = {"a": 1, "b": 2, "c": 3, "d": 4}
    first_key = "b"
    second_key = "d"
    total = 0
    for _ in range(10_000_000):
        total += r[first_key] + r[second_key]
    print(total)


main()
