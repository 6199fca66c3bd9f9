#!/usr/bin/env bash
# Build the images of containers/ with docker, all or those named, and what they begin from:
# tools/build_images.sh [--sources DIR] [--base IMAGE] [--charliecloud DIR] [IMAGE…]
#
#   --sources DIR       take the sources of programs (DaliLite.v5.tar.gz, foldseek.tar.gz or foldseek) and further
#                       certificate authorities (*.crt) from there; a source that is not there is downloaded
#   --base IMAGE        Debian 12 to begin from, debian:bookworm-slim if not given
#   --charliecloud DIR  also write each image to DIR as a folder, for --image_folder
#
# An environment variable with the name of an ARG of a Dockerfile (PIP_INDEX_URL, FOLDSEEK_SHA256) is its value.
# DOCKER_BUILD_OPTIONS are further words for `docker build`. Docker's output goes to .cache/images/IMAGE.log.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs=$root/.cache/images
sources=
base=debian:bookworm-slim
folders=

stop() {
    echo "$1" >&2
    exit 1
}

# names of all images in the order of building, and the image of one name
names() { sed -n "s/^ *\([a-z]*\): '.*',\$/\1/p" "$root/containers/images.config"; }
image_of() { sed -n "s/^ *$1: '\(.*\)',\$/\1/p" "$root/containers/images.config"; }

sources_of() {
    case $1 in
        dalilite) echo DaliLite.v5.tar.gz ;;
        foldseek) echo foldseek foldseek.tar.gz ;;
    esac
}

# Copy what the Dockerfiles copy to a folder, and the given sources to where they look for them.
fill_context() {
    local name file
    tar --create --directory "$root" --exclude __pycache__ --exclude 'containers/*/sources/[!R]*' \
        assets/demo/1CFB_A.pdb.gz assets/mini-ecod/templates.arrow bin containers \
        requirements.txt requirements-train.txt tools/warm_up.py | tar --extract --directory "$context"
    [ -n "$sources" ] || return 0
    for name in $(names); do
        for file in "$sources"/*.crt; do
            [ ! -e "$file" ] || cp "$file" "$context/containers/$name/sources/"
        done
        for file in $(sources_of "$name"); do
            [ ! -f "$sources/$file" ] || cp "$sources/$file" "$context/containers/$name/sources/"
        done
    done
}

# Build the image of a name.
build() {
    local dockerfile=containers/$1/Dockerfile arguments=() variable said
    for variable in $(sed -n 's/^ARG \([A-Z0-9_]*\).*/\1/p' "$context/$dockerfile" | sort -u); do
        [ -z "${!variable:-}" ] || arguments+=(--build-arg "$variable=${!variable}")
    done
    echo "Building $(image_of "$1") …"
    # shellcheck disable=SC2086  # several words are meant
    if ! docker build ${DOCKER_BUILD_OPTIONS:-} "${arguments[@]}" --tag "$(image_of "$1")" \
        --file "$context/$dockerfile" "$context" > "$logs/$1.log" 2>&1; then
        # fetch_source.sh writes one sentence; builders colour it, or put the step's number and time in front
        said=$(sed -n "s/\x1b\[[0-9;]*m//g; s/^#[0-9]* [0-9.]* //; /^Source .*: .*\.\$/p" "$logs/$1.log" | head -n 1)
        stop "${said:-The image $1 could not be built: see the end of $logs/$1.log.}"
    fi
}

# Write the image of a name as a folder that charliecloud runs.
export_folder() {
    local new=$folders/.$1.new container
    echo "Writing $folders/$1 …"
    rm -rf "$new"
    mkdir -p "$new"
    container=$(docker create "$(image_of "$1")")
    docker export "$container" | tar --extract --no-same-owner --exclude 'dev/*' --directory "$new"
    docker rm "$container" > /dev/null
    mkdir -p "$new"/{dev,proc,sys,ch}
    docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$(image_of "$1")" \
        | sed '/^$/d' > "$new/ch/environment"
    rm -rf "${folders:?}/$1"
    mv "$new" "$folders/$1"
}

wanted=()
while [ $# -gt 0 ]; do
    case $1 in
        --sources | --base | --charliecloud)
            [ $# -gt 1 ] || stop "$1 needs a value; tools/build_images.sh begins with its usage."
            case $1 in
                --sources) sources=$2 ;;
                --base) base=$2 ;;
                --charliecloud) folders=$2 ;;
            esac
            shift 2
            ;;
        *)
            [ -n "$(image_of "$1")" ] || stop "There is no image '$1'; the images are: $(names | xargs)."
            wanted+=("$1")
            shift
            ;;
    esac
done
[ ${#wanted[@]} -gt 0 ] || mapfile -t wanted < <(names)
[ -z "$sources" ] || [ -d "$sources" ] || stop "--sources: there is no folder '$sources'."
docker version > /dev/null 2>&1 || stop "No docker daemon answers; start one, or set DOCKER_HOST."

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
mkdir -p "$logs"
fill_context
export BASE=$base DOMAINFLOW
DOMAINFLOW=$(image_of domainflow)
# docker's own cache makes this quick where nothing has changed
[[ " ${wanted[*]} " == *" domainflow "* ]] || build domainflow
for name in $(names); do
    if [[ " ${wanted[*]} " == *" $name "* ]]; then
        build "$name"
        [ -z "$folders" ] || export_folder "$name"
    fi
done
