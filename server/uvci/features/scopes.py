"""What the scopes of variables are called."""

from uvci.pipeline.model import Scope

SCOPES = {
    Scope.PREDEFINED: "predefined",
    Scope.ROOT: "pipeline",
    Scope.WORKFLOW_RULE: "workflow",
    Scope.JOB: "job",
    Scope.MATRIX: "matrix",
    Scope.RULE: "rules",
    Scope.SCRIPT: "script",
}
