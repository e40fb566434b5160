#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Prints a recipe for catdog train: a network like the built-in model, of configurable size, with
# the built-in model's training options. tests/programs/recipe_tables.sh uses it.
#
#   residual_recipe.sh
#
#   HEIGHT, WIDTH  the input; default 94, 125
#   STEM           filters of the first convolution; default 32
#   STAGES         filters of each stage, whose first convolution has stride 2; default 64,128,192
#   BLOCKS         residual blocks a stage; default 2
#   SHORTCUT       0 omits the shortcuts of the residual blocks; default 1
#   NORM           0 omits batch normalisation (convolutions get biases instead); default 1
#   POOL           0: a dense layer on the last feature maps instead of their averages; default 1
#   DROPOUT        dropout rate before the last layer; default 0
#   EPOCHS, RATE, CROP_DETAIL  options of the training; default 40, 0.002, 1.3
set -eu

awk -v height="${HEIGHT:-94}" -v width="${WIDTH:-125}" -v stem="${STEM:-32}" \
    -v stages="${STAGES:-64,128,192}" \
    -v blocks="${BLOCKS:-2}" -v shortcut="${SHORTCUT:-1}" -v norm="${NORM:-1}" \
    -v pool="${POOL:-1}" \
    -v dropout="${DROPOUT:-0}" -v epochs="${EPOCHS:-40}" -v rate="${RATE:-0.002}" \
    -v detail="${CROP_DETAIL:-1.3}" '
function layer(type, name, inputs, more) {
    printf ",\n  {\"type\": \"%s\", \"name\": \"%s\", \"inputs\": [%s]%s}", type, name, inputs, more
}
function quoted(name) { return "\"" name "\"" }

# Adds a convolution and its batch normalisation. Returns the name of the last layer added.
function conv(name, input, filters, kernel, stride,    edge, bn) {
    edge = kernel == 3 ? 1 : 0
    layer("conv2d", name, quoted(input), \
          sprintf(", \"filters\": %d, \"kernel\": [%d, %d], " \
                  "\"stride\": [%d, %d], \"padding\": [%d, %d, %d, %d], " \
                  "\"activation\": \"none\", \"bias\": %s, \"initializer\": \"he_normal\"", \
                  filters, kernel, kernel, stride, stride, edge, edge, edge, edge, \
                  norm ? "false" : "true"))
    if (!norm)
        return name
    bn = name "_bn"
    sub(/_conv[0-9]_bn$/, "_bn" substr(name, length(name)), bn)
    layer("batch_norm", bn, quoted(name), ", \"momentum\": 0.9, \"epsilon\": 1e-05")
    return bn
}
function relu(name, input) {
    layer("activation", name, quoted(input), ", \"activation\": \"relu\"")
    return name
}
function block(name, input, filters, stride,    x, y) {
    y = relu(name "_relu1", conv(name "_conv1", input, filters, 3, stride))
    y = conv(name "_conv2", y, filters, 3, 1)
    if (shortcut) {
        x = stride == 1 ? input : conv(name "_conv0", input, filters, 1, stride)
        layer("add", name "_add", quoted(y) ", " quoted(x), "")
        y = name "_add"
    }
    return relu(name "_relu2", y)
}
BEGIN {
    printf "{\"preprocess\": {\"height\": %d, \"width\": %d, ", height, width
    print "\"fit\": \"squash\", \"pad\": [0, 0, 0],"
    print "                \"mean\": [0.5, 0.5, 0.5], \"std\": [0.25, 0.25, 0.25]},"
    printf " \"training\": {\"epochs\": %d, \"learning_rate\": %s, \"warmup_epochs\": 1, " \
           "\"crop_detail\": %s,\n", \
           epochs, rate, detail
    print "              \"batch_size\": 64, \"loss\": \"binary_cross_entropy\"," \
          " \"weight_decay\": 0.05,"
    print "              \"schedule\": \"cosine\", \"mirror\": true, \"crop_area\": 0.4," \
          " \"rotation\": 10,"
    print "              \"brightness\": 0.2, \"contrast\": 0.2, \"saturation\": 0.3," \
          " \"hue\": 8, \"erase\": 0.25,"
    print "              \"label_smoothing\": 0.1, \"average_decay\": 0.998},"
    print " \"graph\": {\"layers\": ["
    printf "  {\"type\": \"input\", \"name\": \"input\", \"height\": %d, \"width\": %d, " \
           "\"channels\": 3}", height, width
    x = relu("stem_relu", conv("stem", "input", stem, 3, 2))
    n = split(stages, filters, ",")
    for (s = 1; s <= n; s++)
        for (b = 1; b <= blocks; b++)
            x = block("s" s "b" b, x, filters[s], b == 1 ? 2 : 1)
    if (pool)
        layer("global_average_pool2d", "pool", quoted(x), "")
    else
        layer("flatten", "pool", quoted(x), "")
    x = "pool"
    if (dropout > 0) {
        layer("dropout", "dropout", quoted(x), ", \"rate\": " dropout)
        x = "dropout"
    }
    layer("dense", "head", quoted(x), \
          ", \"units\": 1, \"activation\": \"sigmoid\", \"bias\": true, " \
          "\"initializer\": \"default\"")
    print "]}}"
}'
