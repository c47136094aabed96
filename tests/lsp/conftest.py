import sys
from pathlib import Path

# The driver of these tests lies beside them; nothing else is put on the path.
sys.path.insert(0, str(Path(__file__).parent))
