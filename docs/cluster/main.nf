// All recordings of a dataset in packs, by Nextflow (not tested: see docs/scale.md).
//
//   nextflow run docs/cluster/main.nf --input dataset --output out --packs 20
//
// The packs write into one output folder, each recording atomically; what is killed is run again.
nextflow.enable.dsl = 2

params.program = 'motorpool'
params.packs = 4

process PACK {
    errorStrategy { task.exitStatus in [75, 137, 139] ? 'retry' : 'terminate' }
    maxRetries 3
    memory '600 MB'
    cpus 1

    input:
    val pack

    output:
    val pack

    script:
    """
    ${params.program} bids '${file(params.input)}' '${file(params.output)}' participant \
      --shard ${pack}/${params.packs} --threads 1 || [ \$? -eq 65 ]
    """
}

process GROUP {
    input:
    val packs

    script:
    """
    ${params.program} bids '${file(params.input)}' '${file(params.output)}' group
    """
}

workflow {
    PACK(Channel.of(0..<(params.packs as int))) | collect | GROUP
}
