def main():
    seed = 42
    numbers, people = [], []
    for i in range(1, 200_001):
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
        numbers.append(seed)
        people.append({"id": i, "score": seed})
    numbers = sorted(numbers)
    people = sorted(people, key=lambda p: p["score"])
    print(numbers[0] + numbers[100_000] + people[0]["id"] + people[199_999]["id"])


main()
