"""Speed and memory, each beside a ceiling measured in the same run on the same machine."""
