local M = {}

local NAMES = { ".gitlab-ci.yml", ".gitlab-ci.yaml" }

--- Whether a file is a pipeline by its name.
---@param name string
---@return boolean
function M.is_pipeline(name)
  local path = vim.fs.normalize(name)
  return path:match("%.gitlab%-ci%.ya?ml$") ~= nil or path:match("/%.gitlab/.+%.ya?ml$") ~= nil
end

--- The folder of the project that a pipeline, or a file it may include, belongs to.
---@param name string
---@return string? root nil for YAML that lies in no project with a pipeline
function M.root(name)
  if name == "" or name:match("^%w+://") then
    return nil
  end
  local repository = vim.fs.root(name, ".git")
  if M.is_pipeline(name) then
    return repository or vim.fs.root(name, NAMES) or vim.fs.dirname(name)
  end
  return vim.fs.root(name, NAMES)
end

return M
