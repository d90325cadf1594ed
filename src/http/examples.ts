/** A program to begin with, or to learn from. */
export interface Example {
  readonly name: string;
  readonly title: string;
  readonly source: string;
}

/** What the menu of the page offers, the one that it begins with first. */
export const examples: readonly [Example, ...Example[]] = [
  {
    name: 'fizzbuzz',
    title: 'FizzBuzz',
    source: `def fizzbuzz(n):
    for i in range(1, n + 1):
        yield "Fizz" * (i % 3 == 0) + "Buzz" * (i % 5 == 0) or str(i)


print(*fizzbuzz(15), sep="\\n")
`,
  },
  {
    name: 'guess',
    title: 'Guess a number: reads what you type',
    source: `import random

number = random.randint(1, 20)
print("I am thinking of a number from 1 to 20.")

for left in range(4, -1, -1):
    guess = int(input("Your guess: "))
    if guess == number:
        print("Yes, that is it!")
        break
    hint = "low" if guess < number else "high"
    print("Too", hint, "-", left, "left")
else:
    print("It was", number)
`,
  },
  {
    name: 'traceback',
    title: 'A missing price: fails with a traceback',
    source: `prices = {"apple": 0.5, "pear": 0.75}


def cost(basket):
    total = 0
    for fruit, count in basket.items():
        total += prices[fruit] * count
    return total


print("Fruit salad:", cost({"apple": 2, "pear": 1}))
print("With plums:", cost({"apple": 2, "plum": 3}))
`,
  },
  {
    name: 'primes',
    title: 'All the primes: runs into a limit',
    source: `from itertools import count, takewhile

primes = [2]
for n in count(3, 2):
    if all(n % p for p in takewhile(lambda p: p * p <= n, primes)):
        primes.append(n)
        if len(primes) % 2500 == 0:
            print(f"{len(primes):>6} primes, up to {n}")
`,
  },
  {
    name: 'mandelbrot',
    title: 'Mandelbrot: draws in colour, line by line',
    source: `import time

shades = [17, 18, 19, 20, 26, 32, 38, 44, 50, 86, 122, 158, 194, 230]


def shade(c):
    z = 0
    for n in range(60):
        z = z * z + c
        if abs(z) > 2:
            return shades[min(n, len(shades) - 1)]
    return 16


for y in range(-11, 12):
    row = [shade(complex(x / 22, y / 9)) for x in range(-46, 18)]
    line = "".join(f"\\x1b[48;5;{color}m " for color in row)
    print(line + "\\x1b[0m")
    time.sleep(0.04)
`,
  },
];

/** The example of that name, or the one that the page begins with. */
export function exampleNamed(name: unknown): Example {
  return examples.find((example) => example.name === name) ?? examples[0];
}
