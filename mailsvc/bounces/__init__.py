"""What does not arrive: what a bounce says, which addresses it counts against, probes, and who is asked instead."""
