// The first file of Intercom is on its way.
