local files = require("uvci.files")
local server = require("uvci.server")

local M = {}

local function check_neovim()
  if vim.fn.has("nvim-0.11") == 1 then
    vim.health.ok("Neovim " .. tostring(vim.version()))
  else
    vim.health.error("Neovim 0.11 or newer is needed", "Update Neovim.")
  end
end

local function check_server()
  local command = server.command("--version")
  if not command then
    return vim.health.error(server.NOT_FOUND, { "uv tool install uvci", "or set vim.g.uvci_command" })
  end
  local started, ran = pcall(function()
    return vim.system(command, { text = true }):wait(30000)
  end)
  if started and ran.code == 0 then
    vim.health.ok(("%s, run as `%s`"):format(vim.trim(ran.stdout), table.concat(command, " ", 1, #command - 1)))
  else
    local why = started and ran.stderr or ran
    vim.health.error(("`%s` does not run"):format(table.concat(command, " ")), vim.trim(tostring(why)))
  end
end

local function check_enabled()
  if vim.lsp.is_enabled and not vim.lsp.is_enabled("uvci") then
    return vim.health.warn("The server is not enabled", 'Add vim.lsp.enable("uvci") to your configuration.')
  end
  local clients = vim.lsp.get_clients({ name = "uvci" })
  if #clients == 0 then
    vim.health.info("The server is enabled, and no pipeline is open")
  end
  for _, client in ipairs(clients) do
    vim.health.ok(("The server runs for %s"):format(client.root_dir))
    for buffer in pairs(client.attached_buffers) do
      local name = vim.api.nvim_buf_get_name(buffer)
      local kind = files.is_pipeline(name) and "a pipeline by its name" or "may be included"
      vim.health.info(("%s (%s)"):format(name, kind))
    end
  end
end

function M.check()
  vim.health.start("uvci")
  check_neovim()
  check_server()
  check_enabled()
end

return M
