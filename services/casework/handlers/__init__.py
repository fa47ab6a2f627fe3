"""One file per upstream service: claim, translate, call one use case or projection."""
