local M = {}

M.NOT_FOUND = "uvci was not found: it is not on the search path, and there is no uvx to run it with."

--- The command line of one of uvci's commands.
---
--- A program that lies in the project is never run unasked: opening a file must not run its code.
---@param ... string the command and its arguments
---@return string[]? command nil where neither uvci nor uvx is installed
function M.command(...)
  local program = vim.g.uvci_command
  if program == nil and vim.fn.executable("uvci") == 1 then
    program = { "uvci" }
  end
  if program == nil and vim.fn.executable("uvx") == 1 then
    program = { "uvx", "uvci" }
  end
  return program and vim.list_extend(vim.deepcopy(program), { ... })
end

return M
