def main():
    total = 0
    for i in range(1, 5_000_001):
        point = {"x": i, "y": i + 1}
        total += point["x"] + point["y"]
    print(total)


main()
