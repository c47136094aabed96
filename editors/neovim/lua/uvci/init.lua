local files = require("uvci.files")
local server = require("uvci.server")

local M = {}

--- Servers that offer the keywords of a pipeline by themselves, from GitLab's schema.
local KNOW_KEYWORDS = { "yamlls", "gitlab_ci_ls" }

local function others_know_keywords()
  return vim.iter(KNOW_KEYWORDS):any(function(name)
    return #vim.lsp.get_clients({ name = name }) > 0 or vim.lsp.is_enabled and vim.lsp.is_enabled(name)
  end)
end

--- The configuration of the language server; |vim.lsp.config()| extends it.
---@type vim.lsp.Config
M.config = {
  filetypes = { "yaml", "yaml.gitlab" },
  -- What this editor can do, or has already, beyond the protocol.
  before_init = function(params)
    local able = { showReferences = true, gitlabKeywords = others_know_keywords() }
    params.capabilities.experimental = vim.tbl_extend("force", params.capabilities.experimental or {}, able)
  end,
  commands = {
    -- A lens was pressed: the jobs that it speaks of are listed.
    ["uvci.showReferences"] = function(command, context)
      local client = assert(vim.lsp.get_client_by_id(context.client_id))
      local items = vim.lsp.util.locations_to_items(command.arguments[3], client.offset_encoding)
      vim.fn.setqflist({}, " ", { title = command.title, items = items })
      vim.cmd("botright copen")
    end,
  },
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
