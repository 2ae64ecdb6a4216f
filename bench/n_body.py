import math


class Body:
    __slots__ = ("x", "y", "z", "vx", "vy", "vz", "mass")

    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x, self.y, self.z, self.vx, self.vy, self.vz, self.mass = x, y, z, vx, vy, vz, mass


BODIES = [
    Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.5),
    Body(4.8, -1.2, -0.1, 0.6, 2.8, -0.02, 0.037),
    Body(8.3, 4.1, -0.4, -1.0, 1.8, 0.008, 0.011),
    Body(12.9, -15.1, -0.2, 1.1, 0.9, -0.01, 0.0017),
    Body(15.4, -25.9, 0.2, 1.0, 0.6, -0.03, 0.002),
]


def main():
    bodies, dt = BODIES, 0.001
    for _ in range(200_000):
        for i in range(5):
            bi = bodies[i]
            for j in range(i + 1, 5):
                bj = bodies[j]
                dx, dy, dz = bi.x - bj.x, bi.y - bj.y, bi.z - bj.z
                d2 = dx * dx + dy * dy + dz * dz
                mag = dt / (d2 * d2)
                mi, mj = bi.mass * mag, bj.mass * mag
                bi.vx -= dx * mj
                bi.vy -= dy * mj
                bi.vz -= dz * mj
                bj.vx += dx * mi
                bj.vy += dy * mi
                bj.vz += dz * mi
        for b in bodies:
            b.x += dt * b.vx
            b.y += dt * b.vy
            b.z += dt * b.vz
    energy = 0.0
    for b in bodies:
        energy += 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz)
    print(math.floor(energy * 1_000_000_000 + 0.5))


main()
