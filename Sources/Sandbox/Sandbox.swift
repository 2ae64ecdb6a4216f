// The first file of Sandbox is on its way.
