"""config/*.toml to Settings: read once, wrong at start or never."""
