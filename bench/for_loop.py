def main():
    total = 0
    for i in range(1, 50_000_001):
        total += i
    print(total)


main()
