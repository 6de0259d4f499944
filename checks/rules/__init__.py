"""Rules of the domain that the probe and the findings both need, each in its only home."""
