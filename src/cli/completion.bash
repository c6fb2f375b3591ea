# bash breaks words at = and :, so the word before the cursor is taken from the line, and what
# stands before its last break is cut off the answers.

# NAME:KEY=VALUE,KEY=VALUE of a method or a problem, $1, as far as $2
_gradus_spec() {
    local name=${2%%:*} before last
    case $2 in
    *:*) last=${2##*[:,]} before=${2%"$last"} ;;
    *) compgen -W "$(_gradus_names "$1")" -- "$2"; return ;;
    esac
    case $last in
    *=*) before+=${last%%=*}=
        compgen -P "$before" -W "$(_gradus_choices "$1:$name:${last%%=*}")" \
            -- "${last#*=}" ;;
    *) compgen -P "$before" -W "$(_gradus_keys "$1:$name")" -- "$last" ;;
    esac
}
# The value $3 of option $2 of command $1
_gradus_value() {
    case $2 in
    --method | --problem) _gradus_spec "${2#--}" "$3" ;;
    *) local key=${2#--}
        compgen -W "$(_gradus_choices "command:$1:${key//-/_}")" -- "$3" ;;
    esac
}
_gradus() {
    local line=${COMP_LINE:0:COMP_POINT} IFS=$' \t\n'
    local word=${line##*[[:blank:]]} answers before
    local words=(${line%"$word"})
    local command=${words[1]} last=${words[${#words[@]} - 1]}
    case ${#words[@]}:$word in
    1:*) answers=$(compgen -W "$(_gradus_names command)" -- "$word") ;;
    *:--*=*) answers=$(compgen -P "${word%%=*}=" \
        -W "$(_gradus_value "$command" "${word%%=*}" "${word#*=}")") ;;
    *:-*) answers=$(compgen -W "$(_gradus_options "$command")" -- "$word") ;;
    *) case $command:$last in
        *:--*=*) ;;
        *:--*) answers=$(_gradus_value "$command" "$last" "$word") ;;
        list:list) answers=$(compgen -W "$(_gradus_names list)" -- "$word") ;;
        describe:describe) answers=$(compgen -W \
            "run $(_gradus_names method) $(_gradus_names problem)" -- "$word") ;;
        esac ;;
    esac
    before=${word%"${word##*[:=]}"}
    COMPREPLY=()
    for word in $answers; do
        COMPREPLY+=("${word#"$before"}")
    done
    case $answers in
    *=) compopt -o nospace 2>/dev/null ;;
    esac
}
complete -o bashdefault -o default -F _gradus gradus
