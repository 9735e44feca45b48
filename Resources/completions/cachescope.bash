# Completion of cachescope for bash: source this file, or put it as "cachescope" into
# ~/.local/share/bash-completion/completions/.

_cachescope_words() {
  local word
  while read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$1" -- "$2")
}

_cachescope() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command= i
  COMPREPLY=()
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = && $COMP_CWORD -gt 2 ]]; then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --) return ;;
      -u | --source | -h | --host | -p | -n | --db | -a | --pass | --user | -s | --socket | --cacert | --cacertdir | --cert | --key | --sni | --sentinel-user | --sentinel-pass | --cluster-map | --match | --separator | --theme | --memory | --seed | --config | --where | --tag | --sort | --limit | --ttl | --confirm | --undo-limit | --on-conflict | --as | --flags | --watch | --count | --size | --keys | --wait | --format | --unix | --port | --bind | --maxmemory | --policy | --password-file | --maxclients)
        [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
        ((i++))
        ;;
      -*) ;;
      *)
        [[ -n $command ]] || command=${COMP_WORDS[i]}
        ;;
    esac
  done
  case $command:$prev in
    serve:-u | serve:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    serve:--unix) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    serve:--port) return ;;
    serve:--bind) return ;;
    serve:--maxmemory) return ;;
    serve:--policy) _cachescope_words 'noeviction allkeys-lru' "$cur"; return ;;
    serve:--password-file) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    serve:--maxclients) return ;;
    keys:-u | keys:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    keys:-h | keys:--host) return ;;
    keys:-p) return ;;
    keys:-n | keys:--db) return ;;
    keys:-a | keys:--pass) return ;;
    keys:--user) return ;;
    keys:-s | keys:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    keys:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    keys:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    keys:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    keys:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    keys:--sni) return ;;
    keys:--sentinel-user) return ;;
    keys:--sentinel-pass) return ;;
    keys:--cluster-map) return ;;
    keys:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    keys:--match) return ;;
    keys:--where) return ;;
    keys:--sort) _cachescope_words 'key ttl size idle type' "$cur"; return ;;
    keys:--limit) return ;;
    get:-u | get:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    get:-h | get:--host) return ;;
    get:-p) return ;;
    get:-n | get:--db) return ;;
    get:-a | get:--pass) return ;;
    get:--user) return ;;
    get:-s | get:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    get:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    get:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    get:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    get:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    get:--sni) return ;;
    get:--sentinel-user) return ;;
    get:--sentinel-pass) return ;;
    get:--cluster-map) return ;;
    get:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    set:-u | set:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    set:-h | set:--host) return ;;
    set:-p) return ;;
    set:-n | set:--db) return ;;
    set:-a | set:--pass) return ;;
    set:--user) return ;;
    set:-s | set:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    set:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    set:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    set:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    set:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    set:--sni) return ;;
    set:--sentinel-user) return ;;
    set:--sentinel-pass) return ;;
    set:--cluster-map) return ;;
    set:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    set:--ttl) return ;;
    set:--undo-limit) return ;;
    expire:-u | expire:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    expire:-h | expire:--host) return ;;
    expire:-p) return ;;
    expire:-n | expire:--db) return ;;
    expire:-a | expire:--pass) return ;;
    expire:--user) return ;;
    expire:-s | expire:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    expire:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    expire:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    expire:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    expire:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    expire:--sni) return ;;
    expire:--sentinel-user) return ;;
    expire:--sentinel-pass) return ;;
    expire:--cluster-map) return ;;
    expire:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    expire:--ttl) return ;;
    expire:--confirm) return ;;
    expire:--undo-limit) return ;;
    persist:-u | persist:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    persist:-h | persist:--host) return ;;
    persist:-p) return ;;
    persist:-n | persist:--db) return ;;
    persist:-a | persist:--pass) return ;;
    persist:--user) return ;;
    persist:-s | persist:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    persist:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    persist:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    persist:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    persist:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    persist:--sni) return ;;
    persist:--sentinel-user) return ;;
    persist:--sentinel-pass) return ;;
    persist:--cluster-map) return ;;
    persist:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    persist:--confirm) return ;;
    persist:--undo-limit) return ;;
    del:-u | del:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    del:-h | del:--host) return ;;
    del:-p) return ;;
    del:-n | del:--db) return ;;
    del:-a | del:--pass) return ;;
    del:--user) return ;;
    del:-s | del:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    del:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    del:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    del:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    del:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    del:--sni) return ;;
    del:--sentinel-user) return ;;
    del:--sentinel-pass) return ;;
    del:--cluster-map) return ;;
    del:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    del:--confirm) return ;;
    del:--undo-limit) return ;;
    invalidate:-u | invalidate:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    invalidate:-h | invalidate:--host) return ;;
    invalidate:-p) return ;;
    invalidate:-n | invalidate:--db) return ;;
    invalidate:-a | invalidate:--pass) return ;;
    invalidate:--user) return ;;
    invalidate:-s | invalidate:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    invalidate:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    invalidate:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    invalidate:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    invalidate:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    invalidate:--sni) return ;;
    invalidate:--sentinel-user) return ;;
    invalidate:--sentinel-pass) return ;;
    invalidate:--cluster-map) return ;;
    invalidate:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    invalidate:--match) return ;;
    invalidate:--where) return ;;
    invalidate:--tag) return ;;
    invalidate:--ttl) return ;;
    invalidate:--confirm) return ;;
    invalidate:--undo-limit) return ;;
    flush:-u | flush:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    flush:-h | flush:--host) return ;;
    flush:-p) return ;;
    flush:-n | flush:--db) return ;;
    flush:-a | flush:--pass) return ;;
    flush:--user) return ;;
    flush:-s | flush:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    flush:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    flush:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    flush:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    flush:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    flush:--sni) return ;;
    flush:--sentinel-user) return ;;
    flush:--sentinel-pass) return ;;
    flush:--cluster-map) return ;;
    flush:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    flush:--confirm) return ;;
    undo:-u | undo:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    undo:-h | undo:--host) return ;;
    undo:-p) return ;;
    undo:-n | undo:--db) return ;;
    undo:-a | undo:--pass) return ;;
    undo:--user) return ;;
    undo:-s | undo:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    undo:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    undo:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    undo:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    undo:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    undo:--sni) return ;;
    undo:--sentinel-user) return ;;
    undo:--sentinel-pass) return ;;
    undo:--cluster-map) return ;;
    undo:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    undo:--confirm) return ;;
    undo:--undo-limit) return ;;
    copy:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    copy:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    copy:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    copy:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    copy:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    copy:--match) return ;;
    copy:--where) return ;;
    copy:--on-conflict) _cachescope_words 'skip replace fail' "$cur"; return ;;
    copy:--confirm) return ;;
    copy:--undo-limit) return ;;
    export:-u | export:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    export:-h | export:--host) return ;;
    export:-p) return ;;
    export:-n | export:--db) return ;;
    export:-a | export:--pass) return ;;
    export:--user) return ;;
    export:-s | export:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    export:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    export:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    export:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    export:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    export:--sni) return ;;
    export:--sentinel-user) return ;;
    export:--sentinel-pass) return ;;
    export:--cluster-map) return ;;
    export:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    export:--match) return ;;
    export:--where) return ;;
    import:-u | import:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    import:-h | import:--host) return ;;
    import:-p) return ;;
    import:-n | import:--db) return ;;
    import:-a | import:--pass) return ;;
    import:--user) return ;;
    import:-s | import:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    import:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    import:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    import:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    import:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    import:--sni) return ;;
    import:--sentinel-user) return ;;
    import:--sentinel-pass) return ;;
    import:--cluster-map) return ;;
    import:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    import:--on-conflict) _cachescope_words 'skip replace fail' "$cur"; return ;;
    import:--confirm) return ;;
    import:--undo-limit) return ;;
    stats:-u | stats:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    stats:-h | stats:--host) return ;;
    stats:-p) return ;;
    stats:-n | stats:--db) return ;;
    stats:-a | stats:--pass) return ;;
    stats:--user) return ;;
    stats:-s | stats:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    stats:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    stats:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    stats:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    stats:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    stats:--sni) return ;;
    stats:--sentinel-user) return ;;
    stats:--sentinel-pass) return ;;
    stats:--cluster-map) return ;;
    stats:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    stats:--watch) return ;;
    stats:--count) return ;;
    stats:--format) _cachescope_words 'prometheus' "$cur"; return ;;
    snapshot:-u | snapshot:--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    snapshot:-h | snapshot:--host) return ;;
    snapshot:-p) return ;;
    snapshot:-n | snapshot:--db) return ;;
    snapshot:-a | snapshot:--pass) return ;;
    snapshot:--user) return ;;
    snapshot:-s | snapshot:--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    snapshot:--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    snapshot:--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    snapshot:--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    snapshot:--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    snapshot:--sni) return ;;
    snapshot:--sentinel-user) return ;;
    snapshot:--sentinel-pass) return ;;
    snapshot:--cluster-map) return ;;
    snapshot:--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    snapshot:--seed) return ;;
    snapshot:--match) return ;;
    snapshot:--separator) return ;;
    snapshot:--theme) _cachescope_words 'dark light high-contrast mono' "$cur"; return ;;
    snapshot:--size) return ;;
    snapshot:--keys) return ;;
    snapshot:--wait) return ;;
    snapshot:--format) _cachescope_words 'text ansi' "$cur"; return ;;
    decode:--as) return ;;
    decode:--flags) return ;;
    :-u | :--source) _cachescope_words "engine: $(cachescope __print profiles 2>/dev/null)" "$cur"; return ;;
    :-h | :--host) return ;;
    :-p) return ;;
    :-n | :--db) return ;;
    :-a | :--pass) return ;;
    :--user) return ;;
    :-s | :--socket) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    :--cacert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    :--cacertdir) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    :--cert) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    :--key) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    :--sni) return ;;
    :--sentinel-user) return ;;
    :--sentinel-pass) return ;;
    :--cluster-map) return ;;
    :--config) compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur"); return ;;
    :--match) return ;;
    :--separator) return ;;
    :--theme) _cachescope_words 'dark light high-contrast mono' "$cur"; return ;;
    :--memory) return ;;
    :--undo-limit) return ;;
    :--seed) return ;;
  esac
  if [[ $cur != -* ]]; then
    [[ -n $command ]] || _cachescope_words "serve keys get set expire persist del invalidate flush undo copy export import stats snapshot decode $(cachescope __print profiles 2>/dev/null)" "$cur"
    return
  fi
  case $command in
    serve) _cachescope_words '-u --source --unix --port --bind --maxmemory --policy --password-file --maxclients --help' "$cur" ;;
    keys) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --match --where --sort --reverse --limit --names --json --help' "$cur" ;;
    get) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --raw --unmask --key-b64 --json --help' "$cur" ;;
    set) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --ttl --create --replace --key-b64 --no-undo --undo-limit --json --help' "$cur" ;;
    expire) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --ttl --key-b64 --confirm --no-undo --undo-limit --json --help' "$cur" ;;
    persist) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --key-b64 --confirm --no-undo --undo-limit --json --help' "$cur" ;;
    del) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --key-b64 --confirm --no-undo --undo-limit --json --help' "$cur" ;;
    invalidate) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --match --where --tag --ttl --dry-run --yes --confirm --no-undo --undo-limit --json --help' "$cur" ;;
    flush) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --yes --confirm --no-undo --json --help' "$cur" ;;
    undo) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --list --all --restarted --overwrite --dry-run --purge --confirm --undo-limit --json --help' "$cur" ;;
    copy) _cachescope_words '--cacert --cacertdir --cert --key --insecure --config --match --where --on-conflict --confirm --no-undo --undo-limit --json --help' "$cur" ;;
    export) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --match --where --resume --unmask --help' "$cur" ;;
    import) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --on-conflict --confirm --no-undo --undo-limit --json --help' "$cur" ;;
    stats) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --watch --count --json --format --help' "$cur" ;;
    snapshot) _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --demo --seed --match --separator --theme --size --keys --wait --format --write --help' "$cur" ;;
    decode) _cachescope_words '--as --flags --file --key-b64 --unmask --json --help' "$cur" ;;
    '') _cachescope_words '-u --source -h --host -p -n --db -a --pass --user --askpass -s --socket --tls --cacert --cacertdir --cert --key --sni --insecure --sentinel-user --sentinel-pass --sentinel-askpass -c --cluster-map --read-only --config --match --separator --theme --no-color --no-mouse --memory --undo-limit --demo --seed --help --version' "$cur" ;;
  esac
}

complete -F _cachescope cachescope
