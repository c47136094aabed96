local files = require("uvci.files")
local server = require("uvci.server")

local M = {}

--- The configuration of the language server; |vim.lsp.config()| extends it.
---@type vim.lsp.Config
M.config = {
  filetypes = { "yaml", "yaml.gitlab" },
  cmd = function(dispatchers)
    local command = assert(server.command("server"), server.NOT_FOUND)
    return vim.lsp.rpc.start(command, dispatchers)
  end,
  -- Other YAML gets no server: the client is started only when a root is given.
  root_dir = function(buffer, start)
    local root = files.root(vim.api.nvim_buf_get_name(buffer))
    if not root then
      return
    end
    if not server.command("server") then
      vim.notify_once(server.NOT_FOUND, vim.log.levels.WARN)
      return
    end
    start(root)
  end,
}

return M
