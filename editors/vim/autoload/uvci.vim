" Where pipelines are; shared by the configurations for ALE and vim-lsp.

" The command line of the language server.
function! uvci#command() abort
  return get(g:, 'uvci_command', ['uvci', 'server'])
endfunction

function! uvci#is_pipeline(path) abort
  return a:path =~# '\.gitlab-ci\.ya\?ml$' || a:path =~# '/\.gitlab/.*\.ya\?ml$'
endfunction

" The folder of the project that a pipeline, or a file it may include, belongs to; empty for other
" YAML, for which no server is started.
function! uvci#root(path) abort
  let l:folder = fnamemodify(a:path, ':p:h')
  let l:pipeline = findfile('.gitlab-ci.yml', l:folder . ';')
  if empty(l:pipeline)
    let l:pipeline = findfile('.gitlab-ci.yaml', l:folder . ';')
  endif
  if !empty(l:pipeline)
    return fnamemodify(l:pipeline, ':p:h')
  endif
  return uvci#is_pipeline(fnamemodify(a:path, ':p')) ? l:folder : ''
endfunction
