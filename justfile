# Everything a change has to pass.
check:
    .ci/run

# Every test, on both engines.
test *arguments:
    scripts/test {{arguments}}

# Make the generated parts of api-spec/ anew.
bless:
    scripts/bless

# A made-up city on http://127.0.0.1:8080
demo *arguments:
    cargo run --release -- demo {{arguments}}

# Format, and mend what clippy can mend.
fix:
    cargo clippy --fix --allow-dirty --all-targets
    cargo fmt
