-- The configuration that `vim.lsp.enable("uvci")` starts; see :help uvci.
return require("uvci").config
