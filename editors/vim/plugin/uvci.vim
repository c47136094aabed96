" Registers the server with vim-lsp, where that is installed.
if exists('g:loaded_uvci')
  finish
endif
let g:loaded_uvci = 1

function! s:register() abort
  call lsp#register_server({
  \   'name': 'uvci',
  \   'cmd': {info -> uvci#command()},
  \   'root_uri': {info -> s:root_uri()},
  \   'allowlist': ['yaml', 'yaml.gitlab'],
  \})
endfunction

function! s:root_uri() abort
  let l:root = uvci#root(lsp#utils#get_buffer_path())
  return empty(l:root) ? '' : lsp#utils#path_to_uri(l:root)
endfunction

augroup uvci
  autocmd!
  autocmd User lsp_setup call s:register()
augroup END
