local bodies = {
  { x = 0.0, y = 0.0, z = 0.0, vx = 0.0, vy = 0.0, vz = 0.0, mass = 39.5 },
  { x = 4.8, y = -1.2, z = -0.1, vx = 0.6, vy = 2.8, vz = -0.02, mass = 0.037 },
  { x = 8.3, y = 4.1, z = -0.4, vx = -1.0, vy = 1.8, vz = 0.008, mass = 0.011 },
  { x = 12.9, y = -15.1, z = -0.2, vx = 1.1, vy = 0.9, vz = -0.01, mass = 0.0017 },
  { x = 15.4, y = -25.9, z = 0.2, vx = 1.0, vy = 0.6, vz = -0.03, mass = 0.002 }
}
local dt = 0.001
for _ = 1, 200000 do
  for i = 1, 5 do
    local bi = bodies[i]
    for j = i + 1, 5 do
      local bj = bodies[j]
      local dx, dy, dz = bi.x - bj.x, bi.y - bj.y, bi.z - bj.z
      local d2 = dx * dx + dy * dy + dz * dz
      local mag = dt / (d2 * d2)
      local mi, mj = bi.mass * mag, bj.mass * mag
      bi.vx = bi.vx - dx * mj
      bi.vy = bi.vy - dy * mj
      bi.vz = bi.vz - dz * mj
      bj.vx = bj.vx + dx * mi
      bj.vy = bj.vy + dy * mi
      bj.vz = bj.vz + dz * mi
    end
  end
  for i = 1, 5 do
    local b = bodies[i]
    b.x = b.x + dt * b.vx
    b.y = b.y + dt * b.vy
    b.z = b.z + dt * b.vz
  end
end
local energy = 0.0
for _, b in ipairs(bodies) do
  energy = energy + 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz)
end
print(math.floor(energy * 1000000000 + 0.5))
