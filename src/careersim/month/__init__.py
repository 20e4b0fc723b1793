"""What happens in a month: one submodel a file, in the order of `careersim.loop.PHASES`."""
