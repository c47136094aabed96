local server = require("uvci.server")

local M = {}

local SEVERITIES = { error = "E", warning = "W", info = "I", hint = "N" }

---@param message string
local function fail(message)
  vim.notify("uvci: " .. vim.trim(message), vim.log.levels.ERROR)
end

--- Runs uvci in the current folder, and hands what it printed to `use`.
---@param arguments string[]
---@param use fun(output: string)
local function run(arguments, use)
  local command = server.command(unpack(arguments))
  if not command then
    return fail(server.NOT_FOUND)
  end
  local finished = function(done)
    if done.code ~= 0 then
      return fail(done.stderr)
    end
    use(done.stdout)
  end
  vim.system(command, { text = true }, vim.schedule_wrap(finished))
end

local function quickfix_item(finding)
  return {
    filename = finding.path,
    lnum = finding.start.line,
    col = finding.start.column,
    end_lnum = finding["end"].line,
    end_col = finding["end"].column,
    text = ("%s %s"):format(finding.code, finding.message),
    type = SEVERITIES[finding.severity],
  }
end

--- Lists the findings of every pipeline below the current folder in the quickfix list.
function M.check()
  run({ "check", "--output-format", "json", "--exit-zero", "." }, function(output)
    local items = vim.tbl_map(quickfix_item, vim.json.decode(output))
    vim.fn.setqflist({}, " ", { title = "uvci check", items = items })
    if #items == 0 then
      vim.notify("uvci: nothing to report")
    else
      vim.cmd("botright copen")
    end
  end)
end

--- Applies every safe fix to the buffer.
function M.fix()
  vim.lsp.buf.code_action({
    context = { only = { "source.fixAll.uvci" }, diagnostics = {} },
    apply = true,
  })
end

local function show(output)
  vim.cmd("botright new")
  vim.bo.buftype, vim.bo.bufhidden, vim.bo.swapfile = "nofile", "wipe", false
  vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(vim.trim(output), "\n"))
  vim.bo.modifiable = false
end

--- Says why the buffer's file is checked, or is not.
function M.doctor()
  local name = vim.api.nvim_buf_get_name(0)
  run(name == "" and { "doctor" } or { "doctor", name }, show)
end

--- Shows in a window of its own what a command of the server answers about the buffer.
---@param command string
---@param arguments string[]
---@param filetype string
local function show_answer(command, arguments, filetype)
  local client = vim.lsp.get_clients({ name = "uvci", bufnr = 0 })[1]
  if not client then
    return fail("no server is attached to this buffer; :Uvci doctor says why")
  end
  local ask = { command = command, arguments = { vim.uri_from_bufnr(0), unpack(arguments) } }
  client:request("workspace/executeCommand", ask, function(failure, content)
    if failure or not content or content == "" then
      return fail(failure and failure.message or "this file is part of no pipeline")
    end
    show(content)
    vim.bo.filetype = filetype
  end)
end

--- Shows the buffer's pipeline as GitLab would build it, each value with its origin.
function M.pipeline()
  show_answer("uvci.resolve", {}, "yaml")
end

--- Shows the pipeline's jobs by stage, what they wait for, and the uv and Python of each.
function M.graph()
  show_answer("uvci.graph", { "pipeline" }, "")
end

--- Shows under which key each cache of the pipeline is kept, who saves it, and who restores it.
function M.caches()
  show_answer("uvci.graph", { "caches" }, "")
end

--- Stops the server, and starts it again for the buffers it served.
function M.restart()
  vim.lsp.enable("uvci", false)
  local stopped = function()
    return #vim.lsp.get_clients({ name = "uvci" }) == 0
  end
  vim.wait(2000, stopped, 20)
  vim.lsp.enable("uvci")
end

M.names = { "caches", "check", "doctor", "fix", "graph", "pipeline", "restart" }

return M
