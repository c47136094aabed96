vim.api.nvim_create_user_command("Uvci", function(call)
  local commands = require("uvci.commands")
  if not vim.list_contains(commands.names, call.args) then
    local known = table.concat(commands.names, ", ")
    return vim.notify(("uvci: there is no command %s, only %s"):format(call.args, known), vim.log.levels.ERROR)
  end
  commands[call.args]()
end, {
  nargs = 1,
  desc = "Check, fix or draw pipelines, ask the doctor, restart the server",
  complete = function(typed)
    return vim.tbl_filter(function(name)
      return vim.startswith(name, typed)
    end, require("uvci.commands").names)
  end,
})
