function! s:command(buffer) abort
  return join(map(copy(uvci#command()), 'ale#Escape(v:val)'), ' ')
endfunction

call ale#linter#Define('yaml', {
\   'name': 'uvci',
\   'lsp': 'stdio',
\   'executable': {buffer -> uvci#command()[0]},
\   'command': function('s:command'),
\   'project_root': {buffer -> uvci#root(expand('#' . buffer . ':p'))},
\})
