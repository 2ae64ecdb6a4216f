import json
import sys


def main():
    with open(sys.argv[1], "rb") as file:
        contacts = json.loads(file.read())
    users = [
        {"id": c["id"], "city": c["location"]["city"], "visits": c["custom_attributes"]["visits"]}
        for c in contacts
        if c["role"] == "user"
    ]
    groups = {}
    for user in users:
        groups.setdefault(user["city"], []).append(user)
    by_city = [{"city": city, "visits": sum(u["visits"] for u in items)} for city, items in groups.items()]
    best = max(by_city, key=lambda g: g["visits"])
    print(len(users), len(by_city), best["city"], best["visits"])


main()
