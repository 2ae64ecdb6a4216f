def main():
    contact = {"id": "1", "name": "Ada", "visits": 0, "score": 1, "plan": "pro", "city": "Rome"}
    for _ in range(1_000_000):
        contact = {**contact, "visits": contact["visits"] + 1}
    for _ in range(10_000_000):
        contact["score"] += 1
    print(contact["visits"] + contact["score"])


main()
