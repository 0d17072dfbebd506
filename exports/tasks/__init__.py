"""What a worker runs: ids in, one call each. The truth is in the rows; a task may be started twice, late or never."""
