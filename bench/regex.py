import re


def main():
    pattern = re.compile(r"^user[0-9]+@acme\.com$")
    found = 0
    for i in range(1, 1_000_001):
        address = f"user{i % 1000}@{'acme' if i % 3 == 0 else 'example'}.com"
        if pattern.search(address):
            found += 1
    print(found)


main()
