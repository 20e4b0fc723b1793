"""Many runs: plans, engines, the store of results, paired statistics, and the test that settled towns are stationary."""
