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

" Completion through ALE's connection, for 'omnifunc'. ALE's own starts an item at the last letter
" or digit, which an image tag such as 0.9.17-trixie-slim does not survive; this one replaces what
" the server says.
function! uvci#omnifunc(findstart, base) abort
  if !a:findstart
    return s:items
  endif
  let s:items = v:null
  let l:linters = filter(ale#linter#Get(&filetype), 'v:val.name is# "uvci"')
  if empty(l:linters) || !ale#lsp_linter#StartLSP(bufnr(''), l:linters[0], function('s:ask'))
    return -3
  endif
  while s:items is v:null && !complete_check()
    sleep 2m
  endwhile
  return empty(s:items) ? -3 : s:start
endfunction

function! s:ask(linter, connection) abort
  let l:id = a:connection.connection_id
  call ale#lsp#NotifyForChanges(l:id, bufnr(''))
  call ale#lsp#RegisterCallback(l:id, function('s:answered'))
  let s:asked = ale#lsp#Send(l:id, [0, 'textDocument/completion', {
  \   'textDocument': {'uri': ale#util#ToURI(expand('%:p'))},
  \   'position': {'line': line('.') - 1, 'character': charcol('.') - 1},
  \}])
endfunction

function! s:answered(connection, answer) abort
  if get(a:answer, 'id') isnot s:asked
    return
  endif
  let l:result = get(a:answer, 'result', [])
  let l:found = type(l:result) is v:t_dict ? get(l:result, 'items', []) : l:result
  let l:items = type(l:found) is v:t_list ? filter(l:found, 'has_key(v:val, "textEdit")') : []
  let l:starts = map(copy(l:items), 'v:val.textEdit.range.start.character')
  let l:first = empty(l:starts) ? 0 : min(l:starts)
  let s:start = byteidx(getline('.'), l:first)
  let s:items = map(l:items, 's:item(v:val, l:first)')
endfunction

" Vim has one start for all items: what stands before an item's own start is put back. A word ends
" with its line.
function! s:item(item, first) abort
  let l:begin = a:item.textEdit.range.start.character
  let l:kept = strcharpart(getline('.'), a:first, l:begin - a:first)
  return {
  \   'word': l:kept . matchstr(a:item.textEdit.newText, '^[^\n]*'),
  \   'abbr': a:item.label,
  \   'menu': get(a:item, 'detail', ''),
  \   'icase': 1,
  \}
endfunction
